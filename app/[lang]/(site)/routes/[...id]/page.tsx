import { detailPage } from '#app/_ui/detail-page.tsx';

const { Page, generateMetadata } = detailPage('route');

export default Page;
export { generateMetadata };
