//! The outbox over a store: one claim at a time, leases that end by the time that is told, one key for every attempt.

use std::sync::{Mutex, PoisonError};

use crate::command::{ClaimDispatch, SendMessage};
use crate::desk::Desk;
use crate::model::{ConversationId, Dispatch, MessageId, SendResult, Wording};
use crate::port::{Failure, NoMedia};
use crate::record::{Claimed, Query};
use crate::testing::conformance::bench::{Bench, work};
use crate::testing::conformance::finding::{Finding, ensure};
use crate::testing::conformance::floor::Floor;
use crate::testing::conformance::made::{find, second};
use crate::testing::conformance::story::{start, take};

/// The lease of a claim, in seconds, by the set-up's default.
const LEASE: i64 = 60;

fn send(floor: &Floor, conversation: ConversationId) -> Result<MessageId, Finding> {
    let send = SendMessage::new("ana".try_into()?, conversation, Wording::text("hello"));
    Ok(floor.run(&send)?.message)
}

pub(in super::super) fn claims_for_one_alone(bench: &Bench<'_>) -> Result<(), Finding> {
    let place = bench.fresh();
    let floor = Floor::staffed(place.open())?;
    let conversation = start(&floor, "+351912345678")?;
    let desks: Vec<_> = (0..3).map(|_| floor.desk_over(place.another(floor.store()))).collect();
    for round in 1..=10 {
        let message = send(&floor, conversation)?;
        let claim = |desk| {
            let (desk, id): (&Desk<_, _>, _) = (desk, floor.id());
            work(move || desk.run(id, &ClaimDispatch { message }))
        };
        let mut claimed = 0;
        for outcome in bench.together(desks.iter().map(claim).collect())? {
            match outcome {
                Ok(Claimed::Send(_)) => claimed += 1,
                Ok(other) => return Err(Finding::new(format!("a message that is due was claimed as {other:?}"))),
                Err(Failure::Refused(_)) => {}
                Err(other) => return Err(other.into()),
            }
        }
        ensure!(claimed == 1, "{claimed} of three claimed one message, in round {round}");
        floor.advance(LEASE + 1);
        floor.desk.deliver_due(floor.id(), &take, &NoMedia, 9)?;
    }
    Ok(())
}

pub(in super::super) fn ends_leases_by_the_time_told(bench: &Bench<'_>) -> Result<(), Finding> {
    let floor = Floor::staffed(bench.fresh().open())?;
    let conversation = start(&floor, "+351912345678")?;
    let message = send(&floor, conversation)?;
    floor.run(&ClaimDispatch { message })?;
    for (at, due) in [(0, 0), (LEASE - 1, 0), (LEASE, 1), (LEASE + 1, 1)] {
        let found = find(floor.store(), &Query::outbox(second(at), 9))?.len();
        ensure!(
            found == due,
            "{at} s after a claim of {LEASE} s the outbox has {found} to send, and should have {due}"
        );
    }
    floor.advance(LEASE - 1);
    ensure!(floor.run(&ClaimDispatch { message }).is_err(), "a message was claimed under another's lease");
    floor.advance(1);
    match floor.run(&ClaimDispatch { message })? {
        Claimed::Send(again) if again.attempt == 2 && again.idempotency_key == message => Ok(()),
        other => Err(Finding::new(format!("when its lease had ended a message was claimed as {other:?}"))),
    }
}

pub(in super::super) fn sends_again_under_one_key(bench: &Bench<'_>) -> Result<(), Finding> {
    let place = bench.fresh();
    let floor = Floor::staffed(place.open())?;
    let conversation = start(&floor, "+351912345678")?;
    let messages = [send(&floor, conversation)?, send(&floor, conversation)?];
    // A sender claims the first and dies.
    floor.run(&ClaimDispatch { message: messages[0] })?;
    floor.advance(LEASE);
    let sent = Mutex::new(Vec::new());
    let delivery = |dispatch: &Dispatch| {
        sent.lock().unwrap_or_else(PoisonError::into_inner).push((dispatch.idempotency_key, dispatch.attempt));
        take(dispatch)
    };
    let desk = floor.desk_over(place.another(floor.store()));
    desk.deliver_due(floor.id(), &delivery, &NoMedia, 9)?;
    floor.advance(LEASE * 100);
    desk.deliver_due(floor.id(), &delivery, &NoMedia, 9)?;
    let sent = sent.into_inner().unwrap_or_else(PoisonError::into_inner);
    let expected = [(messages[0], 2), (messages[1], 1)];
    ensure!(sent == expected, "sent were {sent:?}, and should be {expected:?}");
    Ok(())
}

pub(in super::super) fn is_shared_by_its_senders(bench: &Bench<'_>) -> Result<(), Finding> {
    let place = bench.fresh();
    let floor = Floor::staffed(place.open())?;
    let mut messages = Vec::new();
    for nth in 0..4 {
        let conversation = start(&floor, &format!("+35191234567{nth}"))?;
        for _ in 0..4 {
            messages.push(send(&floor, conversation)?);
        }
    }
    let sent = Mutex::new(Vec::new());
    let delivery = |dispatch: &Dispatch| -> SendResult {
        sent.lock().unwrap_or_else(PoisonError::into_inner).push(dispatch.idempotency_key);
        take(dispatch)
    };
    let desks: Vec<_> = (0..3).map(|_| floor.desk_over(place.another(floor.store()))).collect();
    // Those who meet leave each other's messages alone; what one has left another finds in its next round.
    for _ in 0..20 {
        let pump = |desk| {
            let (desk, id, delivery): (&Desk<_, _>, _, _) = (desk, floor.id(), &delivery);
            work(move || desk.deliver_due(id, delivery, &NoMedia, 99))
        };
        for pumped in bench.together(desks.iter().map(pump).collect())? {
            pumped?;
        }
        if sent.lock().unwrap_or_else(PoisonError::into_inner).len() >= messages.len() {
            break;
        }
    }
    let mut sent = sent.into_inner().unwrap_or_else(PoisonError::into_inner);
    sent.sort_unstable();
    messages.sort_unstable();
    ensure!(sent == messages, "of {} messages {} were sent, or one twice", messages.len(), sent.len());
    Ok(())
}
