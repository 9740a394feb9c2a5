import { LibraryApi } from "./axios_api";
const library = new LibraryApi();
export async function title(isbn: string) {
  const { data } = await library.getBook(isbn);
  return data.title;
}
export async function lend(isbn: string) {
  await library.addLoan({ isbn, reader: "me" });
}
