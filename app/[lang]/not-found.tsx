import { wordsFor } from '#lib/words/words.ts';

export default function NotFound() {
  const words = wordsFor('en');
  return (
    <main id="main">
      <h1>{words.notFound.title}</h1>
      <p>{words.notFound.text}</p>
      <p>
        <a href="/">{words.notFound.home}</a>
      </p>
    </main>
  );
}
