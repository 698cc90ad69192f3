//! Y-broken-user-sync: one section waits for a flag that the other one sets without any synchronisation.
// twin: free/182_handoff

use phalanx::prelude::*;

#[omp]
fn run() -> i32 {
    let (mut x, mut flag) = (0i32, 0i32);
    #[parallel(num_threads(2), shared(x, flag))]
    {
        #[sections]
        {
            #[section(writes(x, flag))]
            {
                *x = 1;
                *flag = 1;
            }
            //~ `x` is read here and written in another section
            //~ `flag` is read here and written in another section
            #[section(reads(x, flag))]
            {
                while *flag == 0 {}
                assert_eq!(*x, 1);
            }
        }
    }
    x
}

fn main() {
    println!("{}", run());
}
