import { detailPage } from '#app/_ui/detail-page.tsx';

const { Page, generateMetadata } = detailPage('provider');

export default Page;
export { generateMetadata };
