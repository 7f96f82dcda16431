"""What an association does with the kits that it lends: hand over, take back, count, update.

    lender.toml -> lend (self-test, sheet) -> … -> return (bilan, erase, prove, restore) -> fleet

Called by the command line, where the kit is not serving; the server only counts (`loan.py`).
Nothing here knows a pupil: of a loan, numbers are kept, and they go with it. The room sees storage
and what a self-test found, and no device.
"""
