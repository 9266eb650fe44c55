use super::ast::Plan;

/// The plan as one document, in the canonical spelling of every form.
pub fn print(plan: &Plan) -> serde_json::Value {
    let _ = plan;
    todo!()
}
