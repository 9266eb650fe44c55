//! The time that an exchange may take, without a timer for each.
//!
//! Nearly every exchange ends long before it would be too late. So one timer goes with
//! a user from exchange to exchange, and is only looked at: it is set for the first of
//! them, and where it goes off before the time of the one that is under way, it is set
//! for that. A user who asks all the time sets it once in the length of a timeout.

use std::{
    future::{Future, poll_fn},
    pin::Pin,
    task::{Context, Poll, Waker, ready},
};

use tokio::time::{Instant, Sleep, sleep_until};

/// A timer for one exchange after the other.
#[derive(Debug, Default)]
pub(super) struct Timer {
    sleep: Option<Pin<Box<Sleep>>>,
    /// Who is woken when it goes off.
    waker: Option<Waker>,
}

/// The time was over before what was waited for.
#[derive(Debug)]
pub(super) struct TooLate;

impl Timer {
    /// Waits for what is to come until then, and gives it up if it has not come.
    ///
    /// # Errors
    ///
    /// [`TooLate`], not before that moment and at most a tick of the clock after it.
    pub(super) async fn until<F: Future>(
        &mut self,
        due: Instant,
        mut coming: Pin<&mut F>,
    ) -> Result<F::Output, TooLate> {
        poll_fn(|context| {
            if let Poll::Ready(come) = coming.as_mut().poll(context) {
                return Poll::Ready(Ok(come));
            }
            self.poll_over(due, context).map(|()| Err(TooLate))
        })
        .await
    }

    fn poll_over(&mut self, due: Instant, context: &mut Context<'_>) -> Poll<()> {
        let sleep = self.sleep.get_or_insert_with(|| Box::pin(sleep_until(due)));
        if due < sleep.deadline() {
            sleep.as_mut().reset(due);
            self.waker = None;
        }
        loop {
            let wakes = |waker: &Waker| waker.will_wake(context.waker());
            let is_set = self.waker.as_ref().is_some_and(wakes);
            if is_set && !sleep.is_elapsed() {
                return Poll::Pending;
            }
            self.waker = Some(context.waker().clone());
            ready!(sleep.as_mut().poll(context));
            if due <= sleep.deadline() {
                return Poll::Ready(());
            }
            sleep.as_mut().reset(due);
            self.waker = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{future::pending, pin::pin, time::Duration};

    use tokio::time::{sleep, timeout};

    use super::*;

    const MS: Duration = Duration::from_millis(1);

    /// Each of these is waited for in turn with the same timer: how long it takes and how
    /// long it may take, in ms; whether it comes.
    #[tokio::test(start_paused = true)]
    async fn one_timer_holds_for_each_in_turn() {
        let mut timer = Timer::default();
        for (takes, may_take, comes) in [
            (10, 30, true),
            (25, 30, true),
            (31, 30, false),
            (10, 5, false),
            (5, 1_000, true),
            (40, 30, false),
            (200, 300, true),
            (0, 0, true),
            (1, 0, false),
        ] {
            let began = Instant::now();
            let come = timer
                .until(began + takes_ms(may_take), pin!(sleep(takes_ms(takes))))
                .await;
            let waited = began.elapsed();
            assert_eq!(come.is_ok(), comes, "{takes} of {may_take} ms");
            let least = takes_ms(takes.min(may_take));
            assert!(waited >= least && waited <= least + MS, "{waited:?}");
        }
    }

    /// What is polled from elsewhere wakes who polls it.
    #[tokio::test(start_paused = true)]
    async fn it_wakes_who_waits_now() {
        let mut timer = Timer::default();
        let due = Instant::now() + takes_ms(50);
        let never = pin!(pending::<()>());
        let early = timeout(takes_ms(10), timer.until(due, never)).await;
        assert!(early.is_err());
        let (sender, receiver) = tokio::sync::oneshot::channel();
        tokio::spawn(async move {
            let over = timer.until(due, pin!(pending::<()>())).await;
            sender.send(over.is_err()).unwrap();
        });
        assert!(timeout(takes_ms(60), receiver).await.unwrap().unwrap());
        assert!(Instant::now() <= due + MS);
    }

    fn takes_ms(ms: u32) -> Duration {
        MS * ms
    }
}
