//! From the shape of a value to the shapes of what is in it.
//!
//! For those who go through a file without reading it: they lay it out, or spell
//! it in the other format.

use super::{EXTRACT, STEPS, Section, Shape, TASK, TIMEOUTS, WAIT_FORM};

impl Shape {
    /// The shape of the value of `key`, where this is a mapping.
    pub fn under(&'static self, key: &str) -> Option<&'static Shape> {
        let of = |section: &'static Section| section.key(key).map(|key| shape_of(key));
        match self {
            Shape::Section(section) => of(section),
            Shape::Map(_, value) | Shape::FullMap(_, value) | Shape::Wanted(_, value) => {
                Some(value)
            }
            Shape::Task => of(&TASK),
            Shape::Step => STEPS.iter().find_map(|step| of(step)),
            Shape::Wait | Shape::StepWait => of(&WAIT_FORM),
            Shape::Timeout => of(&TIMEOUTS),
            Shape::Extraction => of(&EXTRACT),
            Shape::Drawn => Some(&Shape::Whole(0)),
            Shape::Params | Shape::Literal => Some(&Shape::Literal),
            _ => None,
        }
    }

    /// The shape of an item, where this is a list.
    pub fn item(&'static self) -> Option<&'static Shape> {
        match self {
            Shape::List(item) | Shape::FullList(item) => Some(item),
            Shape::Task => Some(&Shape::Step),
            Shape::Drawn => Some(&Shape::TaskName),
            Shape::Params => Some(&Shape::VariableName),
            // A list of what could stand there alone.
            Shape::Status | Shape::Wanted(..) | Shape::Literal => Some(self),
            _ => None,
        }
    }

    /// Whether `text` is a selector, a pattern or an expression here.
    pub fn is_code(&self, text: &str) -> bool {
        match self {
            Shape::Selector | Shape::Regex | Shape::Expression => true,
            Shape::Absent => text != NO_SELECTOR,
            _ => false,
        }
    }
}

/// The word in a selector's place that stands for none.
const NO_SELECTOR: &str = "none";

fn shape_of(key: &'static super::Key) -> &'static Shape {
    &key.shape
}
