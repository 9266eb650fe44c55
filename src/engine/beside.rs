//! Requests that are sent side by side.

use futures_util::stream::{FuturesUnordered, StreamExt as _};

use super::{act, ask::Ready, shared::Shared, user::User};
use crate::{base::ids::StepId, exchange::Exchange, graph::Node, protocol::Session};

/// How many requests of a user are under way at the same time: as many as browsers
/// have connections to a server.
pub const MAX_AT_ONCE: usize = 6;

/// A request, and where the user goes on if it fails.
struct Lane<'g> {
    ready: Ready<'g>,
    /// Its place among those beside it.
    place: usize,
    on_fail: OnFail,
}

/// What a failure leads to.
#[derive(Clone, Copy)]
enum OnFail {
    Continue,
    Go(StepId),
}

/// The way out of the first of them that failed, by their order in the plan.
#[derive(Default)]
struct WayOut(Option<(usize, StepId)>);

impl WayOut {
    fn failed(&mut self, place: usize, on_fail: OnFail) {
        if let OnFail::Go(step) = on_fail
            && self.0.is_none_or(|(first, _)| place < first)
        {
            self.0 = Some((place, step));
        }
    }
}

/// Sends all requests from a step to where they join. All are made before the first
/// is sent; each answer is judged as it comes. Returns where the user goes on.
pub(super) async fn side_by_side(user: &mut User, shared: &Shared, first: StepId) -> StepId {
    let mut way_out = WayOut::default();
    let (lanes, next) = lanes(user, shared, first, &mut way_out);
    // Of several answers none is the last one.
    user.answer = None;
    let session = user.session.clone();
    let send = |lane| sent(lane, &session, shared);
    let mut waiting = lanes.into_iter();
    let mut under_way: FuturesUnordered<_> = waiting.by_ref().take(MAX_AT_ONCE).map(send).collect();
    while let Some((lane, exchange)) = under_way.next().await {
        if !lane.ready.land(exchange, user, shared) {
            user.failures += 1;
            way_out.failed(lane.place, lane.on_fail);
        }
        under_way.extend(waiting.next().map(send));
    }
    way_out.0.map_or(next, |(_, step)| step)
}

async fn sent<'g>(lane: Lane<'g>, session: &Session, shared: &Shared) -> (Lane<'g>, Exchange) {
    let exchange = lane.ready.send(session, shared).await;
    (lane, exchange)
}

/// The requests that are to be sent, and the step behind them.
fn lanes<'g>(
    user: &mut User,
    shared: &'g Shared,
    first: StepId,
    way_out: &mut WayOut,
) -> (Vec<Lane<'g>>, StepId) {
    let mut lanes = Vec::new();
    let mut at = first;
    for place in 0.. {
        at = match shared.graph.node(at) {
            Node::Request {
                request,
                next,
                on_fail,
            } => {
                let on_fail = if on_fail == next {
                    OnFail::Continue
                } else {
                    OnFail::Go(*on_fail)
                };
                match Ready::of(user, shared, *request) {
                    Some(ready) => lanes.push(Lane {
                        ready,
                        place,
                        on_fail,
                    }),
                    None => {
                        user.failures += 1;
                        way_out.failed(place, on_fail);
                    }
                }
                *next
            }
            Node::When {
                condition,
                next,
                skip,
                skipped,
                on_fail,
            } => match act::guards(user, shared, *condition, *skipped) {
                Some(true) => *next,
                Some(false) => *skip,
                None => {
                    way_out.failed(place, OnFail::Go(*on_fail));
                    *skip
                }
            },
            _ => break,
        };
    }
    (lanes, at)
}
