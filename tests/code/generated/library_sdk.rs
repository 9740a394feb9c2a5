//! The contents of this file are generated from OpenAPI; do not modify them.

use progenitor_client::{encode_path, ClientHooks, OperationInfo};
pub use progenitor_client::{ClientInfo, Error, ResponseValue};

pub mod types {
    #[derive(::serde::Deserialize, ::serde::Serialize)]
    pub struct Book {
        pub isbn: ::std::string::String,
        pub title: ::std::string::String,
    }

    #[derive(::serde::Deserialize, ::serde::Serialize)]
    pub struct Loan {
        pub isbn: ::std::string::String,
        pub reader: ::std::option::Option<::std::string::String>,
    }

    impl Loan {
        pub fn builder() -> builder::Loan {
            Default::default()
        }
    }

    pub mod builder {
        pub struct Loan {
            isbn: ::std::result::Result<::std::string::String, ::std::string::String>,
            reader: ::std::result::Result<::std::option::Option<::std::string::String>, ::std::string::String>,
        }

        impl ::std::default::Default for Loan {
            fn default() -> Self {
                Self { isbn: Err("no value supplied for isbn".to_string()), reader: Ok(Default::default()) }
            }
        }

        impl Loan {
            pub fn isbn<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
            {
                self.isbn = value.try_into().map_err(|_| "conversion failed".to_string());
                self
            }

            pub fn reader<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
            {
                self.reader = value.try_into().map_err(|_| "conversion failed".to_string());
                self
            }
        }

        impl ::std::convert::TryFrom<Loan> for super::Loan {
            type Error = ::std::string::String;
            fn try_from(value: Loan) -> ::std::result::Result<Self, ::std::string::String> {
                Ok(Self { isbn: value.isbn?, reader: value.reader? })
            }
        }

        impl ::std::convert::From<super::Loan> for Loan {
            fn from(value: super::Loan) -> Self {
                Self { isbn: Ok(value.isbn), reader: Ok(value.reader) }
            }
        }
    }
}

pub struct Client {
    pub(crate) baseurl: String,
    pub(crate) client: reqwest::Client,
}

impl Client {
    pub fn new(baseurl: &str) -> Self {
        Self { baseurl: baseurl.to_string(), client: reqwest::Client::new() }
    }
}

impl ClientInfo<()> for Client {
    fn client(&self) -> &reqwest::Client {
        &self.client
    }
}

impl ClientHooks<()> for &Client {}

pub trait ClientLoansExt {
    fn get_book(&self) -> builder::GetBook<'_>;
    fn loan(&self) -> builder::Loan<'_>;
}

impl ClientLoansExt for Client {
    fn get_book(&self) -> builder::GetBook<'_> {
        builder::GetBook::new(self)
    }

    fn loan(&self) -> builder::Loan<'_> {
        builder::Loan::new(self)
    }
}

pub mod builder {
    use super::types;
    use super::{encode_path, ClientHooks, Error, OperationInfo, ResponseValue};

    pub struct GetBook<'a> {
        client: &'a super::Client,
        isbn: Result<String, String>,
    }

    impl<'a> GetBook<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self { client: client, isbn: Err("isbn was not initialized".to_string()) }
        }

        pub fn isbn<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<String>,
        {
            self.isbn = value.try_into().map_err(|_| "conversion failed".to_string());
            self
        }

        pub async fn send(self) -> Result<ResponseValue<types::Book>, Error<()>> {
            let Self { client, isbn } = self;
            let isbn = isbn.map_err(Error::InvalidRequest)?;
            let url = format!("{}/books/{}", client.baseurl, encode_path(&isbn.to_string()),);
            let mut request = client.client.get(url).build()?;
            let info = OperationInfo { operation_id: "get_book" };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }

    /// Named like the message that it holds, since its operation is.
    pub struct Loan<'a> {
        client: &'a super::Client,
        body: Result<types::builder::Loan, String>,
    }

    impl<'a> Loan<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self { client: client, body: Ok(::std::default::Default::default()) }
        }

        pub fn body<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::Loan>,
        {
            self.body = value.try_into().map(From::from).map_err(|_| "conversion failed".to_string());
            self
        }

        pub fn body_map<F>(mut self, f: F) -> Self
        where
            F: std::ops::FnOnce(types::builder::Loan) -> types::builder::Loan,
        {
            self.body = self.body.map(f);
            self
        }

        pub async fn send(self) -> Result<ResponseValue<types::Loan>, Error<()>> {
            let Self { client, body } = self;
            let body = body.and_then(|v| types::Loan::try_from(v).map_err(|e| e.to_string())).map_err(Error::InvalidRequest)?;
            let url = format!("{}/loans", client.baseurl,);
            let mut request = client.client.post(url).json(&body).build()?;
            let info = OperationInfo { operation_id: "loan" };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                201u16 => ResponseValue::from_response(response).await,
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
}
