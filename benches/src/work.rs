//! Work that is done so often for somebody who counts instructions. Everything is prepared for twice as often, so that runs of one and
//! of two halves differ by the work alone.

use outbound::command::{ClaimDispatch, RecordAttempt, SendMessage};
use outbound::model::{MessageId, ProviderId, SendResult, Wording};
use outbound::port::Failure;
use outbound::record::Claimed;

use crate::by_hand;
use crate::by_hand::directory::STANDARD;
use crate::centre::{Centre, Outcome, agents_for, command_id, none};
use crate::half::{HALF, Side};
use crate::inbound_mail;
use crate::inbound_sms::{self, TEXT};
use crate::policy::{Case, Floor, loaded};

/// Does the named work; the arguments are its name, its side and whether it is done once or twice as often.
pub(crate) fn run(arguments: &[String]) -> Outcome {
    let [name, side, halves] = arguments else { return Err("name a work, a side and how many halves".into()) };
    let side = if side == Side::Floor.as_str() { Side::Floor } else { Side::Library };
    let times = halves.parse::<u32>()? * HALF;
    match name.as_str() {
        "start" => start(side, times),
        "refused start" => refused_start(side, times),
        "inbound SMS" => inbound(side, times),
        "mail, from headers" => inbound_mail::by_headers(side, times),
        "mail, raw" => inbound_mail::by_raw_mail(side, times),
        "mail, received" => inbound_mail::by_received(side, times),
        "send, claim, report" => send(side, times),
        "policy, allowed" => policy(side, Case::Allowed, times),
        "policy, refused" => policy(side, Case::Refused, times),
        _ => Err(format!("nobody does `{name}`").into()),
    }
}

/// What is built is not taken down: that would be counted, too.
fn floor() -> &'static by_hand::centre::Centre {
    Box::leak(Box::new(by_hand::centre::Centre::with_agents(agents_for(2 * HALF))))
}

/// See [`floor`].
fn library() -> Outcome<&'static Centre> {
    Ok(Box::leak(Box::new(Centre::with_agents(agents_for(2 * HALF))?)))
}

fn start(side: Side, times: u32) -> Outcome {
    let (floor, library, agents) = (floor(), library()?, agents_for(2 * HALF));
    let mut prepared = library.prepare(0..2 * HALF)?;
    prepared.truncate(usize::try_from(times)?);
    let refused = match side {
        Side::Floor => (0..times).filter(|number| floor.start(*number, number % agents).is_err()).count(),
        Side::Library => library.start(&prepared),
    };
    none("starts were refused", refused)
}

/// For three reasons.
fn refused_start(side: Side, times: u32) -> Outcome {
    let (floor, library) = (floor(), library()?);
    let mut prepared = library.prepare(0..2 * HALF)?;
    for (_, start) in &mut prepared {
        start.agent = "standard".parse()?;
    }
    prepared.truncate(usize::try_from(times)?);
    let by_floor = |number: &u32| floor.start(*number, STANDARD).is_err_and(|reasons| reasons.len() == 3);
    let refused = match side {
        Side::Floor => (0..times).filter(by_floor).count(),
        Side::Library => prepared
            .iter()
            .filter(|(id, start)| {
                matches!(library.desk.run(*id, start), Err(Failure::Refused(refusals)) if refusals.iter().count() == 3)
            })
            .count(),
    };
    none("starts were not refused for three reasons", usize::try_from(times)? - refused)
}

/// To conversations that are open.
fn inbound(side: Side, times: u32) -> Outcome {
    let (floor, library) = (floor(), library()?);
    let customers = HALF / 5;
    for number in 0..customers {
        let (id, message) = inbound_sms::prepare(number, number)?;
        library.desk.run(id, &message)?;
        none("messages were lost", usize::from(inbound_sms::by_floor(floor, number, number).is_none()))?;
    }
    let numbers = |times| (customers..customers + times).map(|number| (number, number % customers));
    let mut prepared =
        numbers(2 * HALF).map(|(number, of)| inbound_sms::prepare(number, of)).collect::<Outcome<Vec<_>>>()?;
    prepared.truncate(usize::try_from(times)?);
    let lost = match side {
        Side::Floor => {
            numbers(times).filter(|(number, of)| inbound_sms::by_floor(floor, *number, *of).is_none()).count()
        }
        Side::Library => prepared.iter().filter(|(id, message)| library.desk.run(*id, message).is_err()).count(),
    };
    none("messages were lost", lost)
}

/// The first message of a conversation.
fn send(side: Side, times: u32) -> Outcome {
    let (floor, library, agents) = (floor(), library()?, agents_for(2 * HALF));
    let mut prepared = Vec::new();
    for (number, (id, start)) in (0..).zip(library.prepare(0..2 * HALF)?) {
        let conversation = library.desk.run(id, &start)?.conversation;
        none("starts were refused", usize::from(floor.start(number, number % agents).is_err()))?;
        let wording = Wording::text(TEXT);
        let (send, message) = (command_id(6, number), MessageId::of(command_id(6, number)));
        let provider = ProviderId::parse(&format!("SM{number:032x}"))?;
        let result = SendResult::accepted(provider);
        prepared.push((
            (send, SendMessage::new(start.agent, conversation, wording)),
            (command_id(7, number), ClaimDispatch { message }),
            (command_id(8, number), RecordAttempt { message, attempt: 1, result }),
            format!("SM{number:032x}"),
        ));
    }
    prepared.truncate(usize::try_from(times)?);
    let failed = match side {
        Side::Floor => (0..)
            .zip(&prepared)
            .filter(|(number, (.., provider))| {
                let sent = floor.send(*number, number % agents, TEXT).is_some();
                !(sent && floor.claim(*number).is_some() && floor.accepted(*number, provider))
            })
            .count(),
        Side::Library => prepared
            .iter()
            .filter(|((send, message), (claim, dispatch), (record, attempt), _)| {
                let sent = library.desk.run(*send, message).is_ok();
                let claimed = matches!(library.desk.run(*claim, dispatch), Ok(Claimed::Send(_)));
                !(sent && claimed && library.desk.run(*record, attempt).is_ok())
            })
            .count(),
    };
    none("messages were not sent", failed)
}

fn policy(side: Side, case: Case, times: u32) -> Outcome {
    let (floor, library) = (Floor::new(case), loaded(case)?);
    let reasons: usize = match side {
        Side::Floor => (0..times).map(|_| floor.reasons()).sum(),
        Side::Library => (0..times).map(|_| library.reasons()).sum(),
    };
    none("reasons were wrong", reasons.abs_diff(case.reasons() * usize::try_from(times)?))
}
