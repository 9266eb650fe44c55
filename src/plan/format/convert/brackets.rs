//! Values of TOML that stay in brackets or braces.
//!
//! TOML 1.0 has no room for comments within braces: one that stood there goes to
//! the braces.

use super::{
    super::yaml::Above,
    spelling::{toml_key, toml_scalar},
    tree::{Collection, Item, Value},
};
use crate::{plan::keys::Shape, source::Span};

/// Takes comments out of braces, and puts them where there is room.
pub(super) fn settle(item: &mut Item) {
    match &mut item.value {
        Value::Scalar(..) => {}
        Value::List(list) => list.items.iter_mut().for_each(settle),
        Value::Map(map) => {
            let mut comments = Vec::new();
            drain(map, &mut comments);
            match comments.as_mut_slice() {
                [Above::Comment(only)] if item.behind.is_none() => {
                    item.behind = Some(std::mem::take(only));
                }
                _ => item.above.extend(comments),
            }
        }
    }
}

/// Takes all comments out of a value, in their order.
fn drain(collection: &mut Collection, comments: &mut Vec<Above>) {
    let is_comment = |line: &Above| matches!(line, Above::Comment(_));
    for item in &mut collection.items {
        comments.extend(
            std::mem::take(&mut item.above)
                .into_iter()
                .filter(is_comment),
        );
        comments.extend(item.behind.take().map(Above::Comment));
        match &mut item.value {
            Value::Scalar(..) => {}
            Value::List(inner) | Value::Map(inner) => drain(inner, comments),
        }
    }
    let below = std::mem::take(&mut collection.below);
    comments.extend(below.into_iter().filter(is_comment));
}

/// A value on its line; a list that was one, or has comments, over several.
pub(super) fn bracketed(value: &Value, shape: Option<&'static Shape>) -> Result<String, Span> {
    let list = match value {
        Value::Scalar(scalar, span) => return toml_scalar(scalar, shape).ok_or(*span),
        Value::List(list) => list,
        Value::Map(map) => {
            let entry = |item: &Item| {
                let shape = shape.and_then(|shape| shape.under(&item.key));
                let text = bracketed(&item.value, shape)?;
                Ok(format!("{} = {text}", toml_key(&item.key)))
            };
            let entries: Result<Vec<String>, Span> = map.items.iter().map(entry).collect();
            return Ok(format!("{{ {} }}", entries?.join(", ")));
        }
    };
    let shape = shape.and_then(Shape::item);
    let items = list.items.iter().map(|item| bracketed(&item.value, shape));
    let items = items.collect::<Result<Vec<String>, Span>>()?;
    if !list.is_block && !value.has_comments() {
        return Ok(format!("[{}]", items.join(", ")));
    }
    let mut text = String::from("[\n");
    for (item, spelled) in list.items.iter().zip(items) {
        push_comments(&item.above, &mut text);
        text.push_str(&format!("{spelled},"));
        if let Some(comment) = &item.behind {
            text.push_str(&format!("  {comment}"));
        }
        text.push('\n');
    }
    push_comments(&list.below, &mut text);
    text.push(']');
    Ok(text)
}

fn push_comments(above: &[Above], text: &mut String) {
    for line in above {
        if let Above::Comment(comment) = line {
            text.push_str(&format!("{comment}\n"));
        }
    }
}
