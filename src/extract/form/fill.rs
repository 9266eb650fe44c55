//! Filling in a form as a person does: a field by its name.

use super::{
    super::page::some_of,
    control::{BoxKind, Control, State, Takes},
    sanitize::{is_blank, one_line},
};
use crate::{base::nearest::nearest, exchange::multipart::Value};

/// Gives the fields of a name their values, or leaves them out if there are none.
///
/// Of fields that share a name, boxes and options that have the value are chosen, and
/// fields of text are filled in the order of the page. What a person cannot see stays
/// as it is, if there is something of that name that a person can.
///
/// # Errors
///
/// What a person could not do.
pub(super) fn fill(
    controls: &mut [Control<'_>],
    name: &str,
    values: &[Value],
) -> Result<(), String> {
    refuse(controls, name)?;
    let can_be_filled = |control: &Control<'_>| {
        control.name == name && !control.is_disabled && is_field(&control.state)
    };
    let is_seen = |control: &Control<'_>| !matches!(control.state, State::Hidden(_));
    let any_seen = controls
        .iter()
        .any(|control| can_be_filled(control) && is_seen(control));
    let mut fields: Vec<&mut Control<'_>> = controls
        .iter_mut()
        .filter(|control| can_be_filled(control) && (!any_seen || is_seen(control)))
        .collect();
    if values.is_empty() {
        for field in fields {
            field.is_left_out = true;
        }
        return Ok(());
    }
    if let ([field], [Value::Text(word)]) = (&mut fields[..], values)
        && ticked(&mut field.state, word)
    {
        return Ok(());
    }
    fields.iter_mut().for_each(|field| clear(&mut field.state));
    let mut filled = vec![false; fields.len()];
    let mut fill = |take: fn(&mut State, &Value, &mut bool) -> bool, value: &Value| {
        let mut fields = fields.iter_mut().zip(&mut filled);
        fields.any(|(field, filled)| take(&mut field.state, value, filled))
    };
    let homeless = values.iter().find(|value| {
        let takes = [attach, choose, write];
        !takes.into_iter().any(|take| fill(take, value))
    });
    match homeless {
        None => Ok(()),
        Some(value) => Err(impossible(&fields, name, value, values.len())),
    }
}

fn is_field(state: &State) -> bool {
    match state {
        State::Text { .. }
        | State::Hidden(_)
        | State::Box { .. }
        | State::Select { .. }
        | State::File { .. } => true,
        State::Button { .. } | State::Image | State::Inert => false,
    }
}

/// Says why no field of a name can be filled in, if none can.
fn refuse(controls: &[Control<'_>], name: &str) -> Result<(), String> {
    let named = || controls.iter().filter(|control| control.name == name);
    if named().any(|control| is_field(&control.state) && !control.is_disabled) {
        return Ok(());
    }
    let Some(first) = named().next() else {
        let fields = controls.iter().filter(|control| {
            !control.name.is_empty() && !control.is_disabled && is_field(&control.state)
        });
        let names = fields.map(|control| control.name);
        let near = nearest(name, names.clone());
        let near = near.map_or(String::new(), |near| format!(" (did you mean `{near}`?)"));
        let there = some_of(names);
        return Err(format!(
            "the form has no field `{name}`{near}; it has {there}"
        ));
    };
    Err(match &first.state {
        _ if first.is_disabled => format!("the field `{name}` is disabled"),
        State::Button { .. } | State::Image | State::Inert => {
            format!("`{name}` is a button and no field; `button` says which one is pressed")
        }
        State::Text { .. }
        | State::Hidden(_)
        | State::Box { .. }
        | State::Select { .. }
        | State::File { .. } => {
            unreachable!("a field that is not disabled can be filled in")
        }
    })
}

/// Whether `true` or `false` is meant to tick a checkbox or not, and has done so.
fn ticked(state: &mut State, word: &str) -> bool {
    let State::Box {
        kind: BoxKind::Checkbox,
        value,
        is_checked,
    } = state
    else {
        return false;
    };
    let is_meant = value != word && matches!(word, "true" | "false");
    if is_meant {
        *is_checked = word == "true";
    }
    is_meant
}

/// Nothing that the page has chosen stays.
fn clear(state: &mut State) {
    match state {
        State::Box { is_checked, .. } => *is_checked = false,
        State::Select { options, .. } => {
            let options = options.iter_mut();
            options.for_each(|option| option.is_selected = false);
        }
        State::Text { .. }
        | State::Hidden(_)
        | State::File { .. }
        | State::Button { .. }
        | State::Image
        | State::Inert => {}
    }
}

/// Adds a file to a field for files, if there is room for it.
fn attach(state: &mut State, value: &Value, filled: &mut bool) -> bool {
    let (
        State::File {
            is_multiple,
            chosen,
        },
        Value::File(file),
    ) = (state, value)
    else {
        return false;
    };
    let has_room = *is_multiple || !*filled;
    if has_room {
        chosen.push(file.clone());
        *filled = true;
    }
    has_room
}

/// Chooses a box or an option, if it has the value and can still be chosen.
fn choose(state: &mut State, wanted: &Value, filled: &mut bool) -> bool {
    let Value::Text(wanted) = wanted else {
        return false;
    };
    match state {
        State::Box {
            value, is_checked, ..
        } if value == wanted && !*is_checked => {
            *is_checked = true;
            *filled = true;
            true
        }
        State::Select {
            is_multiple,
            options,
        } if *is_multiple || !*filled => {
            let mut options = options.iter_mut();
            let option = options.find(|option| {
                option.value == *wanted && !option.is_disabled && !option.is_selected
            });
            if let Some(option) = option {
                option.is_selected = true;
                *filled = true;
                return true;
            }
            false
        }
        State::Select { .. }
        | State::Box { .. }
        | State::Text { .. }
        | State::Hidden(_)
        | State::File { .. }
        | State::Button { .. }
        | State::Image
        | State::Inert => false,
    }
}

/// Writes into a field of text that nothing has been written into.
fn write(state: &mut State, text: &Value, filled: &mut bool) -> bool {
    let (Value::Text(text), false) = (text, *filled) else {
        return false;
    };
    match state {
        State::Text { value, takes } => {
            *value = match takes {
                Takes::Line => one_line(text),
                Takes::Lines => text.clone(),
                Takes::Address => one_line(text).trim_matches(is_blank).to_owned(),
                Takes::Colour => one_line(text).to_ascii_lowercase(),
            };
        }
        State::Hidden(value) => text.clone_into(value),
        State::Box { .. }
        | State::Select { .. }
        | State::File { .. }
        | State::Button { .. }
        | State::Image
        | State::Inert => return false,
    }
    *filled = true;
    true
}

/// Why a value found no field.
fn impossible(fields: &[&mut Control<'_>], name: &str, value: &Value, count: usize) -> String {
    let takes_files = |field: &&mut Control<'_>| matches!(field.state, State::File { .. });
    let value = match value {
        Value::Text(_) if fields.iter().all(takes_files) => {
            return format!("the field `{name}` takes files: `{{ file: FILE }}`");
        }
        Value::Text(text) => text,
        Value::File(_) if fields.iter().any(takes_files) => {
            return format!("the field `{name}` takes one file, and {count} are to be chosen");
        }
        Value::File(_) => return format!("the field `{name}` takes no file"),
    };
    let mut offered: Vec<&str> = Vec::new();
    for field in fields {
        match &field.state {
            State::Box { value, .. } => offered.push(value),
            State::Select { options, .. } => {
                let same = |option: &&super::control::Choice| option.value == *value;
                if let Some(option) = options.iter().find(same) {
                    return if option.is_disabled {
                        format!("the option `{value}` of `{name}` is disabled")
                    } else {
                        format!("`{name}` takes one option, and {count} are to be chosen")
                    };
                }
                if let Some(option) = options.iter().find(|option| option.label == *value) {
                    return format!(
                        "`{name}` has no option of the value `{value}`; the one that reads so has `{}`",
                        option.value
                    );
                }
                let can = options.iter().filter(|option| !option.is_disabled);
                offered.extend(can.map(|option| option.value.as_str()));
            }
            State::Text { .. }
            | State::Hidden(_)
            | State::File { .. }
            | State::Button { .. }
            | State::Image
            | State::Inert => {}
        }
    }
    if offered.is_empty() {
        let fields = match fields.len() {
            1 => "one field".to_owned(),
            several => format!("{several} fields"),
        };
        return format!("the form has {fields} `{name}`, and {count} values are to be filled in");
    }
    let near = nearest(value, offered.iter().copied());
    let near = near.map_or(String::new(), |near| format!(" (did you mean `{near}`?)"));
    let there = some_of(offered.into_iter());
    format!("`{name}` cannot be `{value}`{near}; it can be {there}")
}
