#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    let part = outbound::mail::ReportPart { media_type: "message/delivery-status".into(), text: text.into() };
    let headers = outbound::mail::MailHeaders::from_pairs([("From", "MAILER-DAEMON@x")]);
    let told = outbound::mail::ParsedMail { headers, text: text.into(), report_parts: vec![part], ..Default::default() };
    let _ = outbound::mail::report(&told);
    let in_words = outbound::mail::ParsedMail { report_parts: Vec::new(), ..told };
    let _ = outbound::mail::report(&in_words);
});
