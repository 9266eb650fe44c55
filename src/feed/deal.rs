//! Which row is whose: arithmetic on who draws and how often it has.

use super::Drawer;
use crate::base::{
    dealing::{AtEnd, Dealing, Order, SharedBy},
    random::{Stream, key},
    shuffle::Shuffle,
};

/// The row of a user's `draw`-th draw (both from 0) out of so many; `None` after the
/// last one.
///
/// Shared by the run, rows are dealt like cards: the first draw of all users takes
/// the first rows, one each, the second draw the next. Who draws faster comes to the
/// end of its own rows sooner, and takes nobody else's.
pub(super) fn row(
    dealing: Dealing,
    rows: u64,
    feed_key: u64,
    who: Drawer,
    draw: u64,
) -> Option<u64> {
    if dealing.order == Order::Random {
        let mut stream = Stream::keyed(key(&[feed_key, who.user, draw]));
        return Some(stream.up_to(rows - 1));
    }
    let dealt = dealt(dealing, who, draw);
    let (pass, place) = (dealt / u128::from(rows), dealt % u128::from(rows));
    match dealing.at_end {
        AtEnd::Wrap => {}
        AtEnd::StopUser | AtEnd::StopRun | AtEnd::Fail if pass > 0 => return None,
        AtEnd::StopUser | AtEnd::StopRun | AtEnd::Fail => {}
    }
    let place = u64::try_from(place).expect("smaller than a number of rows");
    match dealing.order {
        Order::Sequential | Order::Random => Some(place),
        Order::Shuffled => {
            // Each pass has an order of its own, and so has each user that has passes
            // of its own.
            let of_user = match dealing.shared_by {
                SharedBy::Run => 0,
                SharedBy::User => who.user,
            };
            let pass = u64::try_from(pass).unwrap_or(u64::MAX);
            Some(Shuffle::new(key(&[feed_key, of_user, pass]), rows).at(place))
        }
    }
}

/// How many rows come before this draw's, in the order in which they are dealt.
pub(super) fn dealt(dealing: Dealing, who: Drawer, draw: u64) -> u128 {
    match dealing.shared_by {
        // 128 bits hold the product of any 64 and 32 bits, and a rank beside it.
        SharedBy::Run => u128::from(draw) * u128::from(who.of) + u128::from(who.rank),
        SharedBy::User => draw.into(),
    }
}
