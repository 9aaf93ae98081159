"""The review app (Streamlit): where people see an interview, its scores and what they rest on."""
