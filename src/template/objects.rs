//! Our values as the expression engine sees them, and its results as ours.

use std::{fmt, sync::Arc};

use minijinja::value::{Enumerator, Object, ObjectRepr, Value as Theirs, ValueKind};

use crate::base::value::Value;

/// The names that an expression can see, under a prefix: the engine asks for
/// `user` and then for `id` of it; we know `user.id`.
#[derive(Debug)]
pub(super) struct Names {
    known: Arc<[(Arc<str>, Option<Theirs>)]>,
    /// With a dot at its end, or empty.
    prefix: String,
}

impl Names {
    /// Makes paths visible. One without a value is undefined.
    pub(super) fn new(known: Vec<(Arc<str>, Option<Theirs>)>) -> Names {
        Names {
            known: known.into(),
            prefix: String::new(),
        }
    }
}

impl Object for Names {
    fn get_value(self: &Arc<Names>, key: &Theirs) -> Option<Theirs> {
        let name = key.as_str()?;
        let below = |path: &str| -> Option<bool> {
            let rest = path.strip_prefix(&*self.prefix)?.strip_prefix(name)?;
            match rest.as_bytes().first() {
                None => Some(false),
                Some(b'.') => Some(true),
                Some(_) => None,
            }
        };
        let itself = self
            .known
            .iter()
            .find(|(path, _)| below(path) == Some(false));
        if let Some((_, value)) = itself {
            return value.clone();
        }
        let is_prefix = self.known.iter().any(|(path, _)| below(path) == Some(true));
        is_prefix.then(|| {
            Theirs::from_object(Names {
                known: Arc::clone(&self.known),
                prefix: format!("{}{name}.", self.prefix),
            })
        })
    }
}

/// A list, seen without copying it.
#[derive(Debug)]
struct List(Arc<[Value]>);

impl Object for List {
    fn repr(self: &Arc<List>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &Arc<List>, key: &Theirs) -> Option<Theirs> {
        self.0.get(key.as_usize()?).map(theirs)
    }

    fn enumerate(self: &Arc<List>) -> Enumerator {
        Enumerator::Seq(self.0.len())
    }
}

/// A mapping, seen without copying it.
#[derive(Debug)]
struct Map(Arc<[(Arc<str>, Value)]>);

impl Object for Map {
    fn get_value(self: &Arc<Map>, key: &Theirs) -> Option<Theirs> {
        let key = key.as_str()?;
        let found = self.0.iter().find(|(known, _)| **known == *key);
        found.map(|(_, value)| theirs(value))
    }

    fn enumerate(self: &Arc<Map>) -> Enumerator {
        Enumerator::Values(self.0.iter().map(|(key, _)| Theirs::from(key)).collect())
    }
}

/// A value as the engine sees it.
pub(super) fn theirs(value: &Value) -> Theirs {
    match value {
        Value::Null => Theirs::from(()),
        Value::Bool(value) => Theirs::from(*value),
        Value::Int(value) => Theirs::from(*value),
        Value::Float(value) => Theirs::from(*value),
        Value::Text(text) => Theirs::from(text),
        Value::List(list) => Theirs::from_object(List(Arc::clone(list))),
        Value::Map(map) => Theirs::from_object(Map(Arc::clone(map))),
    }
}

/// What an expression came to, as one of our values.
pub(super) fn ours(value: &Theirs) -> Result<Value, NotOurs> {
    if let Some(list) = value.downcast_object_ref::<List>() {
        return Ok(Value::List(Arc::clone(&list.0)));
    }
    if let Some(map) = value.downcast_object_ref::<Map>() {
        return Ok(Value::Map(Arc::clone(&map.0)));
    }
    match value.kind() {
        ValueKind::None => Ok(Value::Null),
        ValueKind::Bool => Ok(Value::Bool(value.is_true())),
        ValueKind::Number if value.is_integer() => {
            value.as_i64().map(Value::Int).ok_or(NotOurs::TooLarge)
        }
        ValueKind::Number => f64::try_from(value.clone())
            .map(Value::Float)
            .map_err(|_| NotOurs::TooLarge),
        ValueKind::String => value.as_str().map(Value::text).ok_or(NotOurs::NotData),
        ValueKind::Seq | ValueKind::Iterable => {
            let items = value.try_iter().map_err(|_| NotOurs::NotData)?;
            let list: Result<Vec<Value>, NotOurs> = items.map(|item| ours(&item)).collect();
            Ok(Value::List(list?.into()))
        }
        ValueKind::Map => our_map(value),
        ValueKind::Undefined => Err(NotOurs::Undefined),
        // The engine may add kinds; whatever they are, they are not our data.
        _ => Err(NotOurs::NotData),
    }
}

fn our_map(map: &Theirs) -> Result<Value, NotOurs> {
    let mut entries = Vec::new();
    for key in map.try_iter().map_err(|_| NotOurs::NotData)? {
        let name = key.as_str().ok_or(NotOurs::NotData)?;
        let value = map.get_item(&key).map_err(|_| NotOurs::NotData)?;
        entries.push((Arc::from(name), ours(&value)?));
    }
    Ok(Value::Map(entries.into()))
}

/// Why a result is none of our values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NotOurs {
    /// It is nothing at all.
    Undefined,
    /// A number beyond 64 bits.
    TooLarge,
    /// Bytes, a function, or a mapping whose keys are not text.
    NotData,
}

impl fmt::Display for NotOurs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NotOurs::Undefined => "has no value",
            NotOurs::TooLarge => "is a number that does not fit in 64 bits",
            NotOurs::NotData => "is no text, number, list or mapping",
        })
    }
}
