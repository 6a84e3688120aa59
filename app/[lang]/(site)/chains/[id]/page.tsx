import { detailPage } from '#app/_ui/detail-page.tsx';

const { Page, generateMetadata } = detailPage('chain');

export default Page;
export { generateMetadata };
