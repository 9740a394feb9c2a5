using Library.Client;

namespace Library.App;

public class Use
{
    private readonly LibraryApi library = new LibraryApi();

    public string Add(string isbn)
    {
        var made = library.AddBook(new Book(isbn: isbn));
        return made.FirstPrinted;
    }
}
