//! A view does not outlive its region.
use phalanx::prelude::*;
use std::cell::RefCell;

thread_local!(static KEPT: RefCell<Option<View<'static, u64>>> = const { RefCell::new(None) });

fn main() {
    let mut a = vec![0u64; 4];
    region(Static, &mut a, |_cx, a| KEPT.with(|kept| *kept.borrow_mut() = Some(a)));
}
