//! What a plan takes from answers and demands of them.

use std::time::Duration;

use super::{Literal, Text};
use crate::{
    base::{pick::Pick, size::SizeRange, status::StatusSet},
    source::Spanned,
};

/// What a response must be. Merged plan < class < request, key by key.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Expect {
    pub status: Option<Spanned<StatusSet>>,
    pub final_path: Option<Text>,
    /// By header name; values are templates.
    pub header: Option<Wanted<Text>>,
    pub contains: Option<Text>,
    /// A regex that the body matches somewhere.
    pub matches: Option<Text>,
    /// By CSS selector.
    pub css: Option<Wanted<Spanned<Shown>>>,
    pub absent: Option<Spanned<Absent>>,
    /// By JSONPath; values are no templates.
    pub jsonpath: Option<Wanted<Spanned<Literal>>>,
    /// Of the body.
    pub size: Option<Spanned<SizeRange>>,
    /// The longest that the exchange takes.
    pub within: Option<Spanned<Duration>>,
}

/// What has to be there, and what has to be something.
///
/// A name, a list, or a mapping in a plan: `jsonpath: '$.id'`, `jsonpath: { '$.id': 7 }`.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted<T> {
    /// Names, selectors or paths that have to find something.
    pub there: Vec<Text>,
    /// Those that have to find just that. No name is there twice.
    pub equal: Vec<(Text, T)>,
}

/// What a selector has to find.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// So many elements.
    Count(u32),
    /// A first element with this text.
    Text(String),
}

/// What a page must not show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Absent {
    /// `absent: none` switches a default off.
    Nothing,
    /// A CSS selector that must not match.
    Css(String),
}

/// `post_id: { css: …, attr: href, regex: … }` under `extract`.
#[derive(Clone, Debug, PartialEq)]
pub struct Extract {
    pub name: Text,
    pub from: ExtractFrom,
    /// Refines what the source gives; never there beside [`ExtractFrom::Regex`].
    pub regex: Option<Text>,
    pub pick: Option<Spanned<Pick>>,
    pub if_missing: IfMissing,
}

/// Where a value is taken from.
#[derive(Clone, Debug, PartialEq)]
pub enum ExtractFrom {
    Css {
        selector: Text,
        /// In place of the element's text.
        attr: Option<Text>,
    },
    /// In the body.
    Regex(Text),
    JsonPath(Text),
    Header(Text),
    Cookie(Text),
    /// Where the answer came from, after all redirects.
    Url,
    Status,
    Body,
}

/// What becomes of a request whose answer lacks a value.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum IfMissing {
    #[default]
    Fail,
    /// `optional: true`: the variable is as if it had never been set.
    Unset,
    /// `default: VALUE`, which is no template.
    Default(Spanned<Literal>),
}
