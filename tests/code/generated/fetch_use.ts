import { LibraryApi } from "./fetch_api";
const library = new LibraryApi();
export async function age(isbn: string) {
  const book = await library.getBook({ isbn });
  return book.firstPrinted;
}
export async function add(isbn: string) {
  await library.addBook({ book: { isbn } });
}
