//! Who may get a text message, and when (B5, B6, R14).

use chrono::TimeDelta;
use outbound::command::{ConsentChange, SetConsent, SetZone};
use outbound::hours::ZoneId;
use outbound::model::{Channel, Wording};
use outbound::query::{MessagePreview, MessagePreviewAnswer};
use outbound::refusal::{Code, Refusal};

use crate::Shown;
use crate::centre::Centre;
use crate::screen::{heading, line, minute, reason, table};

/// Recipients, and what is known of them.
const PEOPLE: [(&str, &str); 12] = [
    ("+351 912 345 678", "a number of Portugal"),
    ("+55 11 96123-4567", "a number of São Paulo"),
    ("+1 212 555 2368", "a number of New York"),
    ("+7 912 345 67 89", "Russia, anywhere"),
    ("+81 90 1234 5678", "Japan"),
    ("+44 7400 123456", "moved: the host told UTC+13"),
    ("+34 612 34 56 78", "said no to everything"),
    ("+33 6 12 34 56 78", "nobody was there last week"),
    ("+351 913 456 789", "got a message this morning"),
    ("+351 213 456 789", "a landline"),
    ("912 345 678", "without country code"),
    ("+351 9", "too short"),
];

pub(crate) fn all(centre: &mut Centre) -> Shown {
    happened_before(centre)?;
    heading(&format!("Who may get \"Your gate has changed.\", and when (it is {} UTC)", minute(centre.now())));
    let mut rows = Vec::new();
    for (to, known) in PEOPLE {
        rows.push(row(centre, to, known, &ask(centre, to, "Your gate has changed.")?));
    }
    table(["recipient", "known", "zones", "now", "earliest (UTC)", "there", "because"], &rows);
    line("");
    line("No text leaves from 21:00 to 08:00 and on Sundays there; one a day, three a week.");
    Ok(())
}

pub(crate) fn one(centre: &Centre, to: &str, text: &str) -> Shown {
    heading(&format!("Whether {to} may get it, and when (it is {} UTC)", minute(centre.now())));
    let answer = ask(centre, to, text)?;
    table(
        ["recipient", "known", "zones", "now", "earliest (UTC)", "there", "because"],
        &[row(centre, to, "", &answer)],
    );
    reasons(&answer).for_each(|refusal| reason("no", refusal));
    Ok(())
}

/// A complaint, a wish, a move and a message: as they would come in over the weeks.
fn happened_before(centre: &mut Centre) -> Shown {
    let consent = |to: &str, change| SetConsent::by_host(Channel::Sms, to, change);
    centre.run(&consent("+34 612 34 56 78", ConsentChange::OptOut))?;
    let until = Some(centre.now() + TimeDelta::days(83));
    centre.run(&consent("+33 6 12 34 56 78", ConsentChange::Suppress { until }))?;
    centre.run(&SetZone::by_host(Channel::Sms, "+44 7400 123456", Some(ZoneId::parse("+13:00")?)))?;
    centre.run(&SetZone::by_host(Channel::Sms, "+351 913 456 789", Some(ZoneId::parse("UTC")?)))?;
    centre.wrote(Channel::Sms, "+351 913 456 789", None)?;
    centre.wait(TimeDelta::minutes(30));
    Ok(())
}

fn ask(centre: &Centre, to: &str, text: &str) -> Shown<MessagePreviewAnswer> {
    centre.preview(&MessagePreview::new("sms".parse()?, to, Wording::text(text)))
}

fn reasons(answer: &MessagePreviewAnswer) -> impl Iterator<Item = &Refusal> {
    answer.recipient.iter().flat_map(|refusals| refusals.iter())
}

fn row(centre: &Centre, to: &str, known: &str, answer: &MessagePreviewAnswer) -> [String; 7] {
    let waits = answer.earliest.filter(|at| *at > centre.now());
    let now = match (&answer.recipient, waits) {
        (Some(_), _) => "no",
        (None, Some(_)) => "waits",
        (None, None) => "yes",
    };
    let codes = reasons(answer).map(Refusal::code).map(Code::as_str).collect::<Vec<_>>().join(", ");
    [
        to.to_owned(),
        known.to_owned(),
        zones(answer),
        now.to_owned(),
        answer.earliest.map_or_else(|| "-".to_owned(), minute),
        answer.earliest.map_or_else(String::new, |_| there(centre, answer)),
        if codes.is_empty() && waits.is_some() { "it is quiet there".to_owned() } else { codes },
    ]
}

fn zones(answer: &MessagePreviewAnswer) -> String {
    match answer.zones.as_slice() {
        [] => "-".to_owned(),
        [only] => only.to_string(),
        [first, others @ ..] => format!("{first} and {} more", others.len()),
    }
}

/// The local times at the earliest moment, from the first zone to the last.
fn there(centre: &Centre, answer: &MessagePreviewAnswer) -> String {
    let terms = centre.desk.terms();
    let local = |zone| answer.earliest.and_then(|at| terms.zones().local(zone, at));
    let mut times: Vec<_> = answer.zones.iter().filter_map(local).collect();
    times.sort_unstable();
    match (times.first(), times.last()) {
        (Some(first), Some(last)) if first != last => format!("{}–{}", first.format("%H:%M"), last.format("%H:%M")),
        (Some(first), _) => first.format("%H:%M").to_string(),
        _ => String::new(),
    }
}
