//! Code by hand beside `library_sdk.rs`.

mod sdk;

use sdk::{Client, ClientLoansExt, types};

pub async fn lend(client: &Client, isbn: &str) -> anyhow::Result<String> {
    let book = client.get_book().isbn(isbn).send().await?.into_inner();
    client.loan().body(types::Loan { isbn: isbn.to_string(), reader: None }).send().await?;
    Ok(book.title)
}

pub async fn renew(client: &Client, isbn: &str, reader: &str) -> anyhow::Result<Option<String>> {
    let loan = client
        .loan()
        .body_map(|body| body.isbn(isbn).reader(reader.to_string()))
        .send()
        .await?;
    Ok(loan.reader.clone())
}
