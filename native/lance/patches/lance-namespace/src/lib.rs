//! What lance-io 14.0.2 names of lance-namespace; the real one brings reqwest, hyper, rustls and ring.
use std::collections::HashMap;

pub mod models {
    use super::HashMap;
    #[derive(Debug, Default, Clone)]
    pub struct DescribeTableRequest {
        pub id: Option<Vec<String>>,
        pub vend_credentials: Option<bool>,
    }
    #[derive(Debug, Default, Clone)]
    pub struct DescribeTableResponse {
        pub storage_options: Option<HashMap<String, String>>,
    }
}

#[async_trait::async_trait]
pub trait LanceNamespace: Send + Sync + std::fmt::Debug {
    async fn describe_table(
        &self,
        request: models::DescribeTableRequest,
    ) -> Result<models::DescribeTableResponse, std::io::Error>;
    fn namespace_id(&self) -> String;
}
