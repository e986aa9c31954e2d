#![no_main]

mod caught;

libfuzzer_sys::fuzz_target!(init: caught::of_the_mail_parser(), |data: &[u8]| outbound_fuzz::mail(data));
