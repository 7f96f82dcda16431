"""What the server answers to a request that it cannot serve."""

from kit.messages.section import N_, Section

MESSAGES = Section()

# Translators: shown for a fault that the kit did not expect; the log says more.
MESSAGES["something-broke"] = N_(
    "Something in the kit went wrong. Try again; nothing that was saved is lost."
)
# Translators: the address typed or followed leads nowhere.
MESSAGES["address-missing"] = N_("There is no page here. Go back to the start.")
# Translators: for people who write programs against the kit; {method} is such as POST.
MESSAGES["method-refused"] = N_("This address does not answer to {method}.")
# Translators: a file or a request is larger than the kit takes in. MB is megabytes.
MESSAGES["body-too-large"] = N_("That is too large. At most {megabytes} MB go through at once.")
# Translators: for people who write programs against the kit.
MESSAGES["content-type-refused"] = N_("The kit expects JSON here, or files sent by a form.")
# Translators: a request lacks a value or has a wrong one; {field} is its technical name.
MESSAGES["field-wrong"] = N_("“{field}” is missing, or is not as expected.")
# Translators: a request that cannot be understood at all.
MESSAGES["request-unreadable"] = N_("The kit could not read this request. Try again.")
# Translators: the kit was called by a name that is not its own; {host} is that name.
MESSAGES["other-host"] = N_(
    "This kit does not answer to the name {host}. Open it by the address that it shows when it "
    "starts."
)
# Translators: a page of another site tried to change something in the kit.
MESSAGES["other-origin"] = N_(
    "This was asked for by another site, so the kit did not do it. Open the kit's own page."
)
# Translators: too many pages watch the live picture at once; {wait_s} is in seconds.
MESSAGES["too-many-streams"] = N_(
    "Too many screens are watching just now. This one tries again in {wait_s} seconds."
)
# Translators: more files were dropped at once than go in one request; the page sends fewer.
MESSAGES["too-many-files"] = N_("That is too many files at once. Send {most} at a time.")
# Translators: somebody on a tablet opened the page for the projector that is plugged into the kit.
MESSAGES["not-at-the-kit"] = N_("This page is for the screen plugged into the kit. Open it there.")
