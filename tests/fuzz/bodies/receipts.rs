//! What providers say: words, codes, and the texts of SMPP's receipts.

use outbound::model::Status;
use outbound::port::provider::smpp::ReceiptText;
use outbound::port::provider::{Answer, Receipt, http, mail, messagebird, sinch, smpp, twilio, vonage};

use super::cursor::Cursor;

/// A word and a code, to every provider; a cause is told of failures, and of nothing else.
pub fn receipts(data: &[u8]) {
    let mut cursor = Cursor::new(data);
    let long = u32::from_le_bytes(cursor.array());
    let short = u16::from_le_bytes([data.first().copied().unwrap_or(0), data.get(1).copied().unwrap_or(0)]);
    let text = String::from_utf8_lossy(cursor.rest());
    let (code, word) = text.split_once('\n').unwrap_or(("", &text));
    let answers: [Option<Answer>; 6] = [
        http::answer(short),
        mail::answer(&text),
        messagebird::answer(short),
        smpp::answer(long),
        twilio::answer(long),
        vonage::answer(short),
    ];
    let _ = answers;
    let receipts = [
        mail::receipt(word, Some(code)),
        messagebird::receipt(word, Some(short)),
        sinch::receipt(word, Some(short)),
        smpp::receipt(word),
        twilio::receipt(word, Some(long)),
        vonage::receipt(word, Some(short)),
    ];
    for Receipt { status, cause } in receipts.into_iter().flatten() {
        assert_eq!(status == Status::Failed, cause.is_some(), "{word}");
    }
    if let Some(read) = ReceiptText::read(&text) {
        let words = [Some(&read.stat), read.id.as_ref(), read.err.as_ref(), read.done_date.as_ref()];
        let is_word = |word: &String| !word.is_empty() && !word.contains(char::is_whitespace);
        assert!(words.into_iter().flatten().all(is_word), "{read:?}");
        let _ = smpp::receipt(&read.stat);
    }
}
