//! From the shape of a value to the shapes of what is in it.
//!
//! For those who go through a file without reading it: they lay it out, or spell
//! it in the other format.

use super::{AUTH, EXTRACT, STEPS, Section, Shape, TASK, TIMEOUTS, TURNS, UPLOAD, WAIT_FORM};

/// The word in a selector's place that stands for none.
const NO_SELECTOR: &str = "none";

/// What can stand in a value.
enum Below {
    Keys(&'static Section),
    /// The keys of one of the steps.
    Steps,
    /// Names of the author's choice.
    Names(&'static Shape),
    Items(&'static Shape),
    /// A list, or keys.
    Both(&'static Shape, &'static Section),
    /// A list, or names.
    Either(&'static Shape, &'static Shape),
    Nothing,
}

impl Shape {
    /// The shape of the value of `key`, where this is a mapping.
    pub fn under(&'static self, key: &str) -> Option<&'static Shape> {
        let of = |section: &'static Section| section.key(key).map(|key| &key.shape);
        match self.below() {
            Below::Keys(section) | Below::Both(_, section) => of(section),
            Below::Steps => STEPS.iter().find_map(|step| of(step)),
            Below::Names(value) | Below::Either(_, value) => Some(value),
            Below::Items(_) | Below::Nothing => None,
        }
    }

    /// The shape of an item, where this is a list.
    pub fn item(&'static self) -> Option<&'static Shape> {
        match self.below() {
            Below::Items(item) | Below::Both(item, _) | Below::Either(item, _) => Some(item),
            Below::Keys(_) | Below::Steps | Below::Names(_) | Below::Nothing => None,
        }
    }

    /// Whether `text` is a selector, a pattern or an expression here.
    pub fn is_code(&self, text: &str) -> bool {
        matches!(
            self,
            Shape::Selector | Shape::Regex | Shape::Expression | Shape::Items
        ) || matches!(self, Shape::Absent if text != NO_SELECTOR)
    }

    /// Whether a number or a truth value is read as the text it is written as.
    pub fn takes_text(&self) -> bool {
        match self {
            Shape::Text
            | Shape::Template
            | Shape::Field
            | Shape::Fields
            | Shape::Parts
            | Shape::Filled
            | Shape::Path
            | Shape::Delimiter
            | Shape::BaseUrl
            | Shape::HttpVersion
            | Shape::Like(_)
            | Shape::Selector
            | Shape::Absent
            | Shape::Regex
            | Shape::JsonPath
            | Shape::HeaderName
            | Shape::Duration
            | Shape::Size
            | Shape::Threshold
            | Shape::Choice(_)
            | Shape::TaskName
            | Shape::VariableName
            | Shape::Expression
            | Shape::Items
            | Shape::Step
            | Shape::Wanted(..) => true,
            Shape::Version
            | Shape::Auth
            | Shape::Wait
            | Shape::Timeout
            | Shape::StepWait
            | Shape::Status
            | Shape::Whole(_)
            | Shape::True
            | Shape::Truth
            | Shape::Pick(_)
            | Shape::Shown
            | Shape::Extraction
            | Shape::Rounds
            | Shape::Turns
            | Shape::Params
            | Shape::Literal
            | Shape::Drawn
            | Shape::Task
            | Shape::List(_)
            | Shape::FullList(_)
            | Shape::Map(..)
            | Shape::FullMap(..)
            | Shape::Section(_) => false,
        }
    }

    fn below(&'static self) -> Below {
        match self {
            Shape::Map(_, value) | Shape::FullMap(_, value) => Below::Names(value),
            Shape::List(item) | Shape::FullList(item) => Below::Items(item),
            Shape::Section(section) => Below::Keys(section),
            Shape::Step => Below::Steps,
            Shape::Task => Below::Both(&Shape::Step, &TASK),
            Shape::Wait | Shape::StepWait => Below::Keys(&WAIT_FORM),
            Shape::Timeout => Below::Keys(&TIMEOUTS),
            Shape::Turns => Below::Keys(&TURNS),
            Shape::Auth => Below::Keys(&AUTH),
            Shape::Items => Below::Items(&Shape::Literal),
            Shape::Extraction => Below::Keys(&EXTRACT),
            Shape::Wanted(_, value) => Below::Either(self, value),
            Shape::Drawn => Below::Either(&Shape::TaskName, &Shape::Whole(0)),
            Shape::Params => Below::Either(&Shape::VariableName, &Shape::Literal),
            Shape::Literal => Below::Either(self, self),
            Shape::Fields => Below::Items(&Shape::Field),
            Shape::Parts | Shape::Filled => Below::Both(self, &UPLOAD),
            Shape::Status => Below::Items(self),
            Shape::Version
            | Shape::Text
            | Shape::Template
            | Shape::Field
            | Shape::Delimiter
            | Shape::HttpVersion
            | Shape::Like(_)
            | Shape::Path
            | Shape::BaseUrl
            | Shape::Selector
            | Shape::Absent
            | Shape::Regex
            | Shape::JsonPath
            | Shape::HeaderName
            | Shape::Duration
            | Shape::Size
            | Shape::Threshold
            | Shape::Whole(_)
            | Shape::True
            | Shape::Truth
            | Shape::Pick(_)
            | Shape::Shown
            | Shape::Choice(_)
            | Shape::TaskName
            | Shape::VariableName
            | Shape::Expression
            | Shape::Rounds => Below::Nothing,
        }
    }
}
