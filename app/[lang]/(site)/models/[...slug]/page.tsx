import { detailPage } from '#app/_ui/detail-page.tsx';

const { Page, generateMetadata } = detailPage('model');

export default Page;
export { generateMetadata };
