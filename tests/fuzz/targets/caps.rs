#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| outbound_fuzz::caps(data));
