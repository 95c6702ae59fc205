"""The part of Gangway that runs in a worker process: it calls the application.

Standard library only, Python 3.9 and newer.
"""
