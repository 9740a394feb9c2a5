package example.app

import example.client.LibraryApi

class Use {
    private val library = LibraryApi()

    fun age(isbn: String): String? = library.getBook(isbn).firstPrinted
}
