#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let _ = outbound::mail::MailHeaders::from_raw(data);
});
