package main

import (
	"context"

	"example.com/app/library"
)

func age(ctx context.Context, isbn string) (*string, error) {
	client, err := library.NewClientWithResponses("http://library")
	if err != nil {
		return nil, err
	}
	book, err := client.GetBookWithResponse(ctx, isbn)
	if err != nil {
		return nil, err
	}
	return book.JSON200.FirstPrinted, nil
}

func add(ctx context.Context, raw *library.Client) error {
	_, err := raw.AddBook(ctx, library.Book{Isbn: "1"})
	return err
}
