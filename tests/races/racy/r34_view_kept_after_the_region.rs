//! R-escape: a view outlives its region.
// twin: free/r51_views_change_roles

use phalanx::prelude::*;
use std::cell::RefCell;

thread_local! {
    static KEPT: RefCell<Option<View<'static, u64>>> = const { RefCell::new(None) };
}

fn main() {
    let mut a = vec![0u64; 100];
    region(Static, &mut a, |_cx, a| {
        KEPT.with(|kept| *kept.borrow_mut() = Some(a))
    });
    //~ borrowed data escapes
}
