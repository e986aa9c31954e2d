//! What customers do: write first, read what they get, and answer it, or not.

use outbound::command::{ReceiptStatus, ReceiveMessage, ReportDelivery};
use outbound::mail::{MailHeaders, MailId, Mailbox};
use outbound::model::{Channel, Dispatch, ProviderId};

use crate::agenda::{Letter, Receipt, What};
use crate::day::Day;
use crate::organization::{ARRIVALS, address_of, customer_id, number_in};

/// What part of all customers writes first on this day.
const WRITE_FIRST: f64 = 0.28;

/// What customers write.
const QUESTIONS: [&str; 3] =
    ["Hello, where is my order?", "My invoice says 89 but I was told 79, why?", "It does not switch on any more :("];
const REPLIES: [&str; 3] = ["Thank you, that helps!", "OK. And when will that be?", "The number is 4711-0815."];
const MAIL: &str = "Good day,\n\nI ordered two weeks ago and was told that everything would arrive together. Now one parcel is \
    here and the other is not, and the page that should tell where it is says that there is no such number. Could you please have a \
    look?\n\nKind regards";

impl Day {
    /// One customer writes, and the next is not far: as many an hour as the curve says.
    pub(crate) fn somebody_writes_first(&mut self) {
        let minutes = (self.now() - self.midnight).num_minutes();
        let hour = usize::try_from(minutes / 60).unwrap_or(0) % 24;
        let (this, next) = (ARRIVALS.get(hour), ARRIVALS.get((hour + 1) % 24));
        let (this, next) = (this.copied().unwrap_or(1.0), next.copied().unwrap_or(1.0));
        let now = this + (next - this) * f64::from(u32::try_from(minutes % 60).unwrap_or(0)) / 60.0;
        let of_the_day = now / ARRIVALS.iter().sum::<f64>();
        let an_hour = self.size.customers as f64 * WRITE_FIRST * of_the_day;
        let chance = &mut self.centre.chance;
        let until_next = chance.until_next(3_600.0 / an_hour.max(1.0));
        let channel = if chance.happens(0.65) { Channel::Sms } else { Channel::Email };
        let letter = Letter { customer: chance.below(self.size.customers), channel, answers: None, is_reply: false };
        self.plan_in(until_next, What::Arrival);
        self.centre.measure.hour.arrivals += 1;
        self.letter_arrives(&letter);
    }

    /// The provider of the entry point hands a message in, now and then twice (B2).
    pub(crate) fn letter_arrives(&mut self, letter: &Letter) {
        self.numbers += 1;
        let Ok(name) = format!("m-{}", self.numbers).parse() else { return };
        let Some(message) = self.message_of(letter, name) else { return };
        let measured_as =
            if letter.channel == Channel::Email { "receive_message, a mail" } else { "receive_message, a text" };
        let answer = self.centre.run_as(measured_as, &message);
        self.handed_in += u64::from(answer.is_ok());
        if self.centre.chance.happens(0.01)
            && let Ok(first) = answer
            && let Ok(again) = self.centre.run_as("receive_message, once more", &message)
            && (first.message != again.message || !again.duplicate)
        {
            self.centre.broken.push(format!("{} was received twice", first.message));
        }
    }

    fn message_of(&mut self, letter: &Letter, name: ProviderId) -> Option<ReceiveMessage> {
        let unit = self.units.get(self.size.unit_of(letter.customer))?;
        let (to, from) = (unit.entry_point(letter.channel).clone(), address_of(letter.customer, letter.channel));
        let chance = &mut self.centre.chance;
        let text = match (letter.channel, letter.is_reply) {
            (Channel::Email, _) => MAIL,
            (_, true) if chance.happens(0.01) => "STOP",
            (_, true) => chance.pick(&REPLIES)?,
            (_, false) => chance.pick(&QUESTIONS)?,
        };
        let customer = customer_id(letter.customer).ok()?;
        let message = ReceiveMessage::text(to, from.clone(), name, text).from_customer(customer);
        if letter.channel != Channel::Email {
            return Some(message);
        }
        let subject = if letter.is_reply { "Re: your order" } else { "Where is my order?" };
        let headers = MailHeaders {
            message_id: MailId::parse(&format!("<{}@mail.example>", self.numbers)).ok(),
            in_reply_to: letter.answers.iter().cloned().collect(),
            references: letter.answers.iter().cloned().collect(),
            subject: Some(subject.to_owned()),
            from: vec![Mailbox::new(from)],
            ..MailHeaders::default()
        };
        Some(message.with_subject(subject).with_headers(headers))
    }

    /// A provider took a message: it tells how far it gets, and the customer may answer.
    pub(crate) fn message_leaves(&mut self, dispatch: &Dispatch, provider: &ProviderId) {
        let is_mail = dispatch.channel == Channel::Email;
        let chance = &mut self.centre.chance;
        let arrives = chance.about(if is_mail { 6.0 } else { 3.0 });
        let lost = chance.happens(0.003);
        let twice = chance.happens(0.02);
        let answer = chance.happens(if is_mail { 0.2 } else { 0.6 });
        let thinking = chance.about(if is_mail { 1_800.0 } else { 240.0 });
        let receipt = |status| {
            let (entry_point, provider) = (dispatch.entry_point.clone(), provider.clone());
            What::Receipt(Box::new(Receipt { entry_point, provider, status }))
        };
        if lost {
            return self.plan_in(arrives, receipt(ReceiptStatus::Failed));
        }
        // Receipts come in any order, and more than once.
        self.plan_in(arrives, receipt(ReceiptStatus::Delivered));
        if twice {
            self.plan_in(arrives * 2, receipt(ReceiptStatus::Sent));
        }
        if answer {
            let letter = Letter {
                customer: customer_at(&dispatch.to.as_text()),
                channel: dispatch.channel,
                answers: dispatch.mail.as_ref().and_then(|mail| mail.message_id.clone()),
                is_reply: true,
            };
            self.plan_in(arrives + thinking / 2, receipt(ReceiptStatus::Read));
            self.plan_in(arrives + thinking, What::Letter(Box::new(letter)));
        }
    }

    pub(crate) fn receipt_arrives(&mut self, Receipt { entry_point, provider, status }: Receipt) {
        let _ = self.centre.run(&ReportDelivery { entry_point, provider, status, problem: None });
    }
}

/// The customer behind an address.
fn customer_at(address: &str) -> usize {
    match address.split_once('@') {
        Some((name, _)) => number_in(name),
        None => address.strip_prefix("+35191").and_then(|number| number.parse().ok()).unwrap_or(0),
    }
}
