"""The verbs: plan, do, study, act. Joins the rooms; owns transactions, access and the disclosure gate."""
