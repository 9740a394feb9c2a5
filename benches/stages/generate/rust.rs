//! Rust code that calls another service.

use super::is_retried;

const HTTP_HEAD: &str = r#"//! Items of another service, over HTTP.

use std::time::Duration;

use serde::Deserialize;

pub struct Client {
    http: reqwest::Client,
    base: String,
}

impl Client {
    pub fn from_env() -> anyhow::Result<Self> {
        let http = reqwest::Client::builder()
            .default_headers(Self::identity())
            .timeout(Duration::from_secs(5))
            .build()?;
        Ok(Self { http, base: std::env::var("@BASE@_URL")? })
    }

    fn identity() -> reqwest::header::HeaderMap {
        let mut headers = reqwest::header::HeaderMap::new();
        headers.insert("X-Client-Id", reqwest::header::HeaderValue::from_static("@SELF@"));
        headers
    }

    async fn fetch<T: serde::de::DeserializeOwned>(&self, path: &str) -> anyhow::Result<T> {
        let url = format!("{}{path}", self.base);
        Ok(self.http.get(url).send().await?.error_for_status()?.json().await?)
    }
}
"#;

const HTTP_CALL: &str = r#"
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Item@AT@ {
    pub id: String,
    pub name: String,
    pub email: Option<String>,
    pub amount: f64,
    pub legacy: Option<String>,
}

impl Client {
    pub async fn get_item@AT@(&self, id: &str) -> anyhow::Result<Item@AT@> {
        self.fetch(&format!("/v1/items@AT@/{id}")).await
    }

    pub async fn describe@AT@(&self, id: &str) -> anyhow::Result<String> {
        let item = self.get_item@AT@(id).await?;
        match item.legacy {
            Some(legacy) if item.amount > 0.0 => Ok(format!("{} costs {}, {legacy}", item.name, item.amount)),
            _ => Ok(item.email.unwrap_or_default()),
        }
    }
}
"#;

const HTTP_RETRY: &str = r"
impl Client {
    pub async fn wait@AT@(&self, id: &str) -> Item@AT@ {
        loop {
            if let Ok(item) = self.get_item@AT@(id).await {
                return item;
            }
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
    }
}
";

const GRPC_HEAD: &str = r#"//! Items of another service, over gRPC.

use tonic::transport::{Channel, Endpoint};

pub mod pb {
    tonic::include_proto!("@PEER@.v1");
}

use pb::@PEER@_service_client::@STUB@ServiceClient;

pub async fn connect() -> anyhow::Result<@STUB@ServiceClient<Channel>> {
    let endpoint = Endpoint::from_shared(std::env::var("@BASE@_ADDR")?)?;
    Ok(@STUB@ServiceClient::new(endpoint.connect().await?))
}
"#;

const GRPC_CALL: &str = r#"
pub async fn name@AT@(client: &mut @STUB@ServiceClient<Channel>, id: String) -> anyhow::Result<String> {
    let mut request = tonic::Request::new(pb::GetItem@AT@Request { id });
    request.metadata_mut().insert("x-client-id", "peer".parse()?);
    let item = client.get_item@AT@(request).await?.into_inner();
    if item.amount > 0.0 {
        return Ok(item.name + &item.legacy);
    }
    Ok(item.address.unwrap_or_default().city)
}
"#;

/// A client of the OpenAPI document of `provider`, in service `service`.
pub(super) fn http_client(service: usize, provider: usize, count: usize) -> String {
    let mut text = HTTP_HEAD.replace("@BASE@", &format!("SVC{provider}")).replace("@SELF@", &format!("svc{service}"));
    for at in 0..count {
        text += &HTTP_CALL.replace("@AT@", &at.to_string());
        if is_retried(at) {
            text += &HTTP_RETRY.replace("@AT@", &at.to_string());
        }
    }
    text
}

/// A client of the protobuf package of `provider`.
pub(super) fn grpc_client(provider: usize, count: usize) -> String {
    let named = |text: &str| {
        text.replace("@BASE@", &format!("SVC{provider}"))
            .replace("@PEER@", &format!("svc{provider}"))
            .replace("@STUB@", &format!("Svc{provider}"))
    };
    let call = named(GRPC_CALL);
    (0..count).fold(named(GRPC_HEAD), |text, at| text + &call.replace("@AT@", &at.to_string()))
}
