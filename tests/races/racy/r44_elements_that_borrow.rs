//! R-view: elements of a shared array borrow from one thread's stack.
// twin: free/r51_views_change_roles

use phalanx::prelude::*;

fn main() {
    let x = 1u64;
    let mut a = vec![&x; 100];
    region(Static, &mut a, |cx, mut a| {
        //~ `x` does not live long enough
        let own = 2u64;
        cx.for_each(Static, a.items_mut(), (), |a, ()| *a = &own); //~ but it borrows `own`
    });
}
