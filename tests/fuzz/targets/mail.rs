#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let mail = outbound::mail::read_mail(data);
    let _ = outbound::mail::report(&mail);
    let _ = outbound::mail::automatic(&mail.headers, &["care@shop.example"]);
});
