import { Api } from "./swagger_api";
const api = new Api({ baseUrl: "http://library" });
export async function title(isbn: string) {
  const { data } = await api.books.getBook(isbn);
  return data.title;
}
export async function add(isbn: string) {
  const made = await api.books.addBook({ isbn });
  return made.status;
}
