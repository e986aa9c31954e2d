//! Text messages: what they cost, and what makes them dear (B8).

use outbound::model::Wording;
use outbound::query::{SmsPreview, SmsPreviewAnswer};
use outbound::sms::Forced;

use crate::Shown;
use crate::centre::Centre;
use crate::screen::{beginning, heading, line, reason, table};

const TEXTS: [&str; 6] = [
    "Your boarding pass is ready.",
    "Prices from €49 [per person] {all taxes included}",
    "Olá Conceição! O embarque já começou — portão 14. “Boa viagem” 🙂",
    "Olá! Amanhã não há voo da manhã para São Paulo; o próximo é às 19h. Responda SIM para aceitar, ou ligue para nós se preferir outro dia.",
    "Gate 14 👩🏽‍✈️",
    " ",
];

/// A text of several hundred characters, more than the organization pays for.
fn too_long() -> String {
    "Please read our conditions of carriage carefully before you travel. ".repeat(10)
}

pub(crate) fn all(centre: &Centre) -> Shown {
    heading("Text messages: encoding, parts, and what forced UCS-2");
    let template = Wording::template("gate".parse()?, [("name", " "), ("flight", "TP 88"), ("gate", "14")]);
    let typed = TEXTS.into_iter().map(Wording::text).chain([Wording::text(too_long()), template]);
    let answers = typed.map(|wording| ask(centre, wording)).collect::<Shown<Vec<_>>>()?;
    overview(&answers);
    for answer in &answers {
        details(answer);
    }
    line("");
    line("The template `gate` without its values:");
    let bare = SmsPreview { wording: Wording::template("gate".parse()?, [("name", "Rita")]) };
    if let Err(outbound::port::Failure::Refused(refusals)) = centre.desk.ask(&bare) {
        refusals.iter().for_each(|refusal| reason("no", refusal));
    }
    Ok(())
}

pub(crate) fn one(centre: &Centre, text: &str) -> Shown {
    heading("The text");
    let answer = ask(centre, Wording::text(text))?;
    overview(std::slice::from_ref(&answer));
    details(&answer);
    for (part, number) in answer.segments.parts().iter().zip(1..) {
        line(format!("  part {number}: \"{part}\""));
    }
    Ok(())
}

fn ask(centre: &Centre, wording: Wording) -> Shown<SmsPreviewAnswer> {
    Ok(centre.desk.ask(&SmsPreview { wording })?)
}

fn overview(answers: &[SmsPreviewAnswer]) {
    let row = |answer: &SmsPreviewAnswer| {
        let (segments, plainer) = (&answer.segments, answer.plainer.as_ref());
        [
            beginning(answer.text.expose(), 44),
            segments.encoding().to_string(),
            format!("{} of {}", segments.count(), answer.limit),
            segments.units().to_string(),
            segments.left().to_string(),
            plainer.map_or_else(|| "-".to_owned(), |it| format!("{} (saves {})", it.segments, it.saves)),
        ]
    };
    let rows: Vec<_> = answers.iter().map(row).collect();
    table(["text", "as", "parts", "units", "left", "plainer parts"], &rows);
}

/// What made it UCS-2, and every reason why it would not be sent.
fn details(answer: &SmsPreviewAnswer) {
    if answer.forced.is_empty() && answer.refusals.is_none() {
        return;
    }
    line("");
    line(format!("\"{}\"", beginning(answer.text.expose(), 72)));
    if !answer.forced.is_empty() {
        let forced: Vec<String> = answer.forced.iter().map(told).collect();
        line(format!("  UCS-2 because of {}", forced.join(", ")));
    }
    if let Some(plainer) = &answer.plainer {
        line(format!("  plainer: \"{}\"", beginning(&plainer.text, 72)));
    }
    answer.refusals.iter().flat_map(|refusals| refusals.iter()).for_each(|refusal| reason("no", refusal));
}

fn told(forced: &Forced) -> String {
    let nearest = match forced.replacement.as_deref() {
        None => "nothing comes near".to_owned(),
        Some("") => "can be left out".to_owned(),
        Some(nearest) => format!("nearest {nearest}"),
    };
    format!("{} × {} ({nearest})", forced.character, forced.count)
}
