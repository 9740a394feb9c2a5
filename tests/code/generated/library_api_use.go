package main

import (
	"context"

	"example.com/app/library"
)

func add(ctx context.Context) (string, error) {
	client := library.NewAPIClient()
	book := library.NewBook("1")
	made, _, err := client.Books.AddBook(ctx).Book(*book).Execute()
	if err != nil {
		return "", err
	}
	return made.GetFirstPrinted(), nil
}
