//! Of seconds, tens and minutes, which all tell of the same run, the finest of each time.

use std::{path::Path, time::Duration};

use super::{
    folder,
    read::{ReadError, bytes_of, in_order, told_of},
    write::SecondRecord,
};
use crate::{
    archive::frame,
    base::figures,
    stats::{Ended, Generator, Slice},
};

/// Two slices that follow each other may lie so far apart.
const SEAM: Duration = Duration::from_millis(1);

/// What else there is in the files of seconds.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// As it stood in the last second.
    pub last: Option<(Generator, Ended)>,
    /// What should be there and is not: a line each.
    pub missing: Vec<String>,
}

/// Goes through a whole run from its beginning, each time once, as finely as it is there.
/// One slice is in memory at a time.
pub(super) fn each(folder: &Path, mut visit: impl FnMut(Slice)) -> Result<Seen, ReadError> {
    let seconds = in_order(folder, folder::SECONDS)?;
    let tens = in_order(folder, folder::TENS)?;
    // Before this there are no seconds any more, and before that no tens.
    let first_second = match seconds.first() {
        None => None,
        Some(path) => first(path, |second: &SecondRecord| second.slice.from)?,
    };
    let first_ten = match tens.first() {
        None => None,
        Some(path) => first(path, |tens: &Slice| tens.from)?,
    };
    let seconds_from = first_second.unwrap_or(Duration::MAX);
    let tens_from = first_ten.unwrap_or(Duration::MAX).min(seconds_from);

    let mut seen = Seen::default();
    let mut until = Duration::ZERO;
    let mut gap = Duration::ZERO;
    let mut visit = |slice: Slice| {
        gap += slice.from.saturating_sub(until + SEAM);
        until = slice.to;
        visit(slice);
    };
    let minutes = folder.join(folder::MINUTES);
    let broken = frame::each(&bytes_of(&minutes)?, |slice: Slice| {
        if slice.to <= tens_from.saturating_add(SEAM) {
            visit(slice);
        }
    });
    told_of(&minutes, broken, &mut seen.missing);
    for path in &tens {
        let broken = frame::each(&bytes_of(path)?, |slice: Slice| {
            if slice.to <= seconds_from.saturating_add(SEAM) {
                visit(slice);
            }
        });
        told_of(path, broken, &mut seen.missing);
    }
    for path in &seconds {
        let broken = frame::each(&bytes_of(path)?, |second: SecondRecord| {
            visit(second.slice);
            seen.last = Some((second.generator, second.ended));
        });
        told_of(path, broken, &mut seen.missing);
    }
    if !gap.is_zero() {
        let gap = figures::time(gap);
        seen.missing.push(format!(
            "{gap} of the run could not be written, and are missing where it is shown over time"
        ));
    }
    Ok(seen)
}

/// Something of the first record of a file.
fn first<T: serde::de::DeserializeOwned, R>(
    path: &Path,
    of: impl Fn(&T) -> R,
) -> Result<Option<R>, ReadError> {
    let records: Vec<T> = frame::read(&bytes_of(path)?).records;
    Ok(records.first().map(of))
}
