import { detailPage } from '#app/_ui/detail-page.tsx';

const { Page, generateMetadata } = detailPage('gateway');

export default Page;
export { generateMetadata };
