package example.app;

import example.client.Book;
import example.client.LibraryApi;

class Use {
    private final LibraryApi library = new LibraryApi();

    String age(String isbn) throws Exception {
        return library.getBook(isbn).getFirstPrinted();
    }

    void add(String isbn) throws Exception {
        Book book = new Book()
            .isbn(isbn);
        library.addBook(book);
    }
}
