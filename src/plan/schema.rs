/// The JSON Schema of plan files.
pub fn schema() -> serde_json::Value {
    todo!()
}
