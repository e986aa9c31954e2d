#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    for id in outbound::mail::MailId::all_in(text) {
        assert_eq!(outbound::mail::MailId::parse(id.as_str()).as_ref(), Ok(&id));
    }
    let _ = outbound::mail::Mailbox::all_in(text);
});
