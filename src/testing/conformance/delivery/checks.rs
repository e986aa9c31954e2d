//! The checks of a delivery. Messages may leave in any order; none of the checks asks for one.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::TimeDelta;

use super::harness::{AnySite, Bench};
use super::{Provider, Trouble};
use crate::model::{Body, Channel, Content, Dispatch, MessageId, Private, Recipient, SendResult, ShapeOnly};
use crate::testing::conformance::finding::Finding;
use crate::testing::conformance::made::command;

type Checked = Result<(), Trouble>;

/// The n-th message to be sent, in its n-th attempt, an hour before it is too late.
fn dispatch(bench: &Bench<'_>, number: u64, attempt: u16) -> Result<Dispatch, Finding> {
    let to = Recipient::from("+351912345678").resolve(Channel::Sms, &ShapeOnly);
    let to = to.map_err(|error| Finding::new(format!("the suite is broken: {error}")))?;
    let content = Content { body: Body::Text(Private::new(format!("message {number}"))), ..Content::default() };
    Ok(Dispatch {
        idempotency_key: MessageId::of(command(number)),
        attempt,
        channel: Channel::Sms,
        entry_point: "sms".try_into()?,
        from: "+351300400500".into(),
        to,
        content: Arc::new(content),
        not_before: None,
        not_after: bench.now().checked_add_signed(TimeDelta::hours(1)).unwrap_or_else(|| bench.now()),
        mail: None,
    })
}

/// The answer to one sending, by a delivery that was just started.
fn send(site: &dyn AnySite, dispatch: Dispatch) -> Result<SendResult, Finding> {
    site.send(&[dispatch]).pop().ok_or_else(|| Finding::new("a sending had no answer"))
}

fn times(site: &dyn AnySite, message: MessageId) -> usize {
    site.sent().into_iter().filter(|sent| *sent == message).count()
}

fn require(holds: bool, what: impl FnOnce() -> String) -> Checked {
    if holds { Ok(()) } else { Err(Finding::new(what()).into()) }
}

pub(super) fn takes_what_can_be_sent(bench: &Bench<'_>) -> Checked {
    let site = bench.provider(Provider::Takes)?;
    let dispatches = [dispatch(bench, 1, 1)?, dispatch(bench, 2, 1)?, dispatch(bench, 3, 1)?];
    let mut providers = BTreeSet::new();
    for answer in site.send(&dispatches) {
        let SendResult::Accepted { provider, .. } = answer else {
            return Err(Finding::new(format!("a provider that takes every message was answered as {answer:?}")).into());
        };
        providers.insert(provider);
    }
    require(providers.len() == 3, || format!("three messages have {} provider ids", providers.len()))?;
    for dispatch in &dispatches {
        let times = times(&*site, dispatch.idempotency_key);
        require(times == 1, || format!("a message that was asked for once was sent {times} times"))?;
    }
    Ok(())
}

pub(super) fn sends_once_under_one_key(bench: &Bench<'_>) -> Checked {
    let site = bench.provider(Provider::Takes)?;
    let again = [dispatch(bench, 1, 1)?, dispatch(bench, 1, 2)?, dispatch(bench, 1, 3)?];
    let answers = site.send(&again);
    let sent = times(&*site, MessageId::of(command(1)));
    require(sent == 1, || format!("a message that was asked for three times was sent {sent} times"))?;
    let same = answers.windows(2).all(|two| two.first() == two.last());
    require(same, || format!("under one key it answered {answers:?}"))
}

pub(super) fn remembers_over_a_crash(bench: &Bench<'_>) -> Checked {
    let site = bench.provider(Provider::Takes)?;
    let first = send(&*site, dispatch(bench, 1, 1)?)?;
    // The process died before it wrote the answer down; another asks again.
    let second = send(&*site, dispatch(bench, 1, 2)?)?;
    let sent = times(&*site, MessageId::of(command(1)));
    require(sent == 1, || format!("after a restart a message was sent {sent} times under one key"))?;
    require(first == second, || format!("before a restart it answered {first:?}, and after it {second:?}"))
}

pub(super) fn sends_once_when_asked_at_once(bench: &Bench<'_>) -> Checked {
    let site = bench.provider(Provider::Takes)?;
    for number in 1..=10 {
        let asked = dispatch(bench, number, 1)?;
        let job = |dispatch: Dispatch| {
            let site = &site;
            Box::new(move || {
                site.send(&[dispatch]);
            }) as crate::testing::conformance::Job<'_>
        };
        bench.together((0..3).map(|_| job(asked.clone())).collect());
        let sent = times(&*site, asked.idempotency_key);
        require(sent == 1, || format!("a message that three asked for at once was sent {sent} times"))?;
    }
    Ok(())
}

pub(super) fn sends_once_when_an_answer_is_lost(bench: &Bench<'_>) -> Checked {
    let site = bench.provider(Provider::LosesItsFirstAnswer)?;
    let first = send(&*site, dispatch(bench, 1, 1)?)?;
    let transient = matches!(first, SendResult::Transient { .. });
    require(transient, || format!("it does not know whether the message was taken, and answered {first:?}"))?;
    let second = send(&*site, dispatch(bench, 1, 2)?)?;
    let accepted = matches!(second, SendResult::Accepted { .. });
    require(accepted, || format!("a message that was taken, asked for again, was answered as {second:?}"))?;
    let sent = times(&*site, MessageId::of(command(1)));
    require(sent == 1, || format!("a message whose first answer was lost was sent {sent} times"))
}

pub(super) fn sends_nothing_too_late(bench: &Bench<'_>) -> Checked {
    let site = bench.provider(Provider::Takes)?;
    for late in [TimeDelta::seconds(1), TimeDelta::days(400)] {
        let not_after = bench.now().checked_sub_signed(late).unwrap_or_else(|| bench.now());
        let answer = send(&*site, Dispatch { not_after, ..dispatch(bench, 1, 1)? })?;
        let sent = times(&*site, MessageId::of(command(1)));
        require(sent == 0, || format!("a message was sent {late} after it was too late"))?;
        let claims = matches!(answer, SendResult::Accepted { .. });
        require(!claims, || format!("what is too late to be sent was answered as {answer:?}"))?;
    }
    Ok(())
}

pub(super) fn is_transient_while_it_may_succeed(bench: &Bench<'_>) -> Checked {
    let site = bench.provider(Provider::IsDownAtFirst)?;
    let first = send(&*site, dispatch(bench, 1, 1)?)?;
    let transient = matches!(first, SendResult::Transient { .. });
    require(transient, || format!("a provider that is down was answered as {first:?}"))?;
    let second = send(&*site, dispatch(bench, 1, 2)?)?;
    let sent = times(&*site, MessageId::of(command(1)));
    let accepted = matches!(second, SendResult::Accepted { .. }) && sent == 1;
    require(accepted, || format!("when it was up again the answer was {second:?}, and it was sent {sent} times"))
}

pub(super) fn is_permanent_when_it_cannot_succeed(bench: &Bench<'_>) -> Checked {
    let site = bench.provider(Provider::RefusesForGood)?;
    let answer = send(&*site, dispatch(bench, 1, 1)?)?;
    let permanent = matches!(answer, SendResult::Permanent { .. });
    require(permanent, || format!("a provider that refuses for good was answered as {answer:?}"))
}

pub(super) fn waits_no_longer_than_the_lease(bench: &Bench<'_>) -> Checked {
    let site = bench.provider(Provider::Hangs)?;
    let (dispatch, before) = (dispatch(bench, 1, 1)?, bench.now());
    let answer = send(&*site, dispatch)?;
    let (waited, lease) = (bench.now().signed_duration_since(before), bench.lease());
    require(waited <= lease, || format!("it waited for {waited}, and the lease is {lease}"))?;
    let transient = matches!(answer, SendResult::Transient { .. });
    require(transient, || format!("a provider that never answered was answered as {answer:?}"))
}
