from library_client import ApiClient, Book, BooksApi

books = BooksApi(ApiClient())


def age(isbn):
    return books.get_book(isbn).first_printed


def add(isbn):
    return books.add_book(Book(isbn=isbn)).isbn
